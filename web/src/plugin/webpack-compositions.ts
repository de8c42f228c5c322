// Stands for the compositions of the plugin's options, which are no files: webpack and rspack find
// it by its name, with the composition's in the query, and the loader says what is in the module.

export {};
