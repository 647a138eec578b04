/** sql.js has no types of its own. */
declare module 'sql.js' {
  const initSqlJs: import('./sql-js.ts').InitSqlJs
  export default initSqlJs
}
