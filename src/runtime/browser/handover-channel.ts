/** How hosts of one place, in workers of different deployments, reach each other. */
const channelOf = (place: string): BroadcastChannel => new BroadcastChannel(`learning-store ${place}`)

/** Whoever holds the place may still be loading, and not listen yet. */
const ASK_EVERY_MS = 250

/** Tells whoever holds a place that another host wants it, again and again. Answers what ends it. */
export function want(place: string): () => void {
  const channel = channelOf(place)
  const ask = (): void => channel.postMessage('wanted')
  ask()
  const asking = setInterval(ask, ASK_EVERY_MS)
  return () => {
    clearInterval(asking)
    channel.close()
  }
}

/** Calls back when another host wants a place. Answers what ends it. */
export function onWanted(place: string, callback: () => void): () => void {
  const channel = channelOf(place)
  channel.onmessage = () => callback()
  return () => channel.close()
}
