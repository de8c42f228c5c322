// Exports the functions of `stage.ts` under their names in the component model, which are no
// identifiers: `words_shout` as `polyglot:chain/words@1.0.0#shout`.

export default class {
  afterCompile(module) {
    const exported = Array.from({ length: module.getNumExports() }, (_, index) =>
      this.binaryen.getExportInfo(module.getExportByIndex(index)));
    for (const { name, value } of exported) {
      const [, inInterface, func] = name.match(/^(words)_(.+)$/) ?? [];
      if (func === undefined) continue;
      module.removeExport(name);
      module.addFunctionExport(value, `polyglot:chain/${inInterface}@1.0.0#${func}`);
    }
  }
}
