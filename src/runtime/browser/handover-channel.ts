/** The channel between the hosts of one storage, in workers of different deployments. */
const channelOf = (storage: string): BroadcastChannel => new BroadcastChannel(`learning-store ${storage}`)

/** The holder may still be loading and not listen yet. */
const ASK_EVERY_MS = 250

/** Repeatedly asks the current holder of a storage to release it. Returns a function that stops asking. */
export function requestHandover(storage: string): () => void {
  const channel = channelOf(storage)
  const ask = (): void => channel.postMessage('wanted')
  ask()
  const timer = setInterval(ask, ASK_EVERY_MS)
  return () => {
    clearInterval(timer)
    channel.close()
  }
}

/** Calls back when another host asks for a storage. Returns a function that stops listening. */
export function onHandoverRequested(storage: string, callback: () => void): () => void {
  const channel = channelOf(storage)
  channel.onmessage = () => callback()
  return () => channel.close()
}
