/** How hosts of one storage, in workers of different deployments, reach each other. */
const channelOf = (storage: string): BroadcastChannel => new BroadcastChannel(`learning-store ${storage}`)

/** Whoever holds the storage may still be loading, and not listen yet. */
const ASK_EVERY_MS = 250

/** Tells whoever holds a storage that another host wants it, again and again. Answers what ends it. */
export function requestHandover(storage: string): () => void {
  const channel = channelOf(storage)
  const ask = (): void => channel.postMessage('wanted')
  ask()
  const asking = setInterval(ask, ASK_EVERY_MS)
  return () => {
    clearInterval(asking)
    channel.close()
  }
}

/** Calls back when another host wants a storage. Answers what ends it. */
export function onHandoverRequested(storage: string, callback: () => void): () => void {
  const channel = channelOf(storage)
  channel.onmessage = () => callback()
  return () => channel.close()
}
