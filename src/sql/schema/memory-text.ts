/**
 * The full-text index of the shared memory, in a database of its own that is derived from the entries and never stored. Without content:
 * the text would take the memory twice. Entries cannot be deleted from it, so those that changed get a new number.
 */
export const memoryText: string =
  "CREATE VIRTUAL TABLE memory_fts USING fts4 (key, value, metadata, content='', tokenize=porter)"
