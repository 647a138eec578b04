/** How hosts of one place, in workers of different deployments, reach each other. */
const channelOf = (place: string): BroadcastChannel => new BroadcastChannel(`learning-store ${place}`)

/** Tells whoever holds a place that another host wants it. */
export function want(place: string): void {
  const channel = channelOf(place)
  channel.postMessage('wanted')
  channel.close()
}

/** Calls back when another host wants a place. Answers what ends it. */
export function onWanted(place: string, callback: () => void): () => void {
  const channel = channelOf(place)
  channel.onmessage = () => callback()
  return () => channel.close()
}
