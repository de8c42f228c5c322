// Errors of the command that are none of the fuser.

/** The command line was not understood. */
export class UsageError extends Error {}

/** An error of another tool: one without a page. */
export class ToolError extends Error {}
