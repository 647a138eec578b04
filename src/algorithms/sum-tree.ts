/**
 * A binary tree over N priorities in which every node is the sum of its children. Finds the item at which the cumulative sum
 * exceeds a given mass in O(log N). Schaul et al. (2016), appendix B.2.1.
 */
export interface SumTree {
  readonly size: number
  /** Node 1 is the root; the children of node i are 2i and 2i + 1; the second half are the leaves, padded with 0. */
  readonly nodes: Readonly<Float64Array>
}

/** Builds the tree in O(N). @param priorities at least 0, shape [N]. */
export function sumTree(priorities: ArrayLike<number>): SumTree {
  let leaves = 1
  while (leaves < priorities.length) leaves *= 2
  const nodes = new Float64Array(2 * leaves)
  nodes.set(Array.from(priorities), leaves)
  for (let i = leaves - 1; i > 0; i--) nodes[i] = (nodes[2 * i] ?? 0) + (nodes[2 * i + 1] ?? 0)
  return { size: priorities.length, nodes }
}

/** Returns a tree with changed priorities. It copies all nodes, so pass the changes of a batch together. */
export function withPriorities(tree: SumTree, changes: Iterable<readonly [index: number, priority: number]>): SumTree {
  const nodes = Float64Array.from(tree.nodes)
  for (const [index, priority] of changes) {
    let i = nodes.length / 2 + index
    nodes[i] = priority
    // Summed again, not updated by the difference, so that rounding errors do not accumulate.
    for (i >>= 1; i > 0; i >>= 1) nodes[i] = (nodes[2 * i] ?? 0) + (nodes[2 * i + 1] ?? 0)
  }
  return { size: tree.size, nodes }
}

export function priorityAt({ nodes }: SumTree, index: number): number {
  return nodes[nodes.length / 2 + index] ?? 0
}

export function totalOf({ nodes }: SumTree): number {
  return nodes[1] ?? 0
}

/** The first index at which the cumulative sum exceeds `mass`; never one of priority 0. @param mass in [0, total). */
export function indexAt({ nodes }: SumTree, mass: number): number {
  let rest = mass
  let i = 1
  while (i < nodes.length / 2) {
    const left = nodes[2 * i] ?? 0
    // Rounding can leave a rest as great as the node itself, where the right child may be 0.
    const goLeft = rest < left || nodes[2 * i + 1] === 0
    if (!goLeft) rest -= left
    i = goLeft ? 2 * i : 2 * i + 1
  }
  return i - nodes.length / 2
}
