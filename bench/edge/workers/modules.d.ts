declare module 'snapshot.db' {
  const bytes: ArrayBuffer
  export default bytes
}
