import type { AsyncStore } from 'learning-store'

/** Persists a text in every field of every collection that takes any. */
export async function spoil(store: AsyncStore, text: string): Promise<void> {
  const agent = await store.agent(text, { type: text, explorationRate: 0.5 })
  const state = { [text]: text, nested: { list: [text] } }
  const told = {
    taskId: text,
    taskType: text,
    episodeId: text,
    actions: [text, 'other'],
    behaviorProbability: 0.5,
  }
  for (let i = 0; i < 3; i++) {
    await agent.learn({ id: `${text}${i}`, state, action: text, reward: i, nextState: state, ...told })
  }
  const { episodeId, ...task } = told
  for (let i = 0; i < 8; i++) {
    await agent.learnFromExecution({
      ...task,
      taskId: `${text}-${i}`,
      state,
      action: text,
      nextState: text,
      reward: 1,
      success: i > 0,
      ...(i > 0 ? {} : { rootCause: text, mitigation: text }),
    })
  }
  await store.learningHistory.add({
    agentId: text,
    stateRepresentation: text,
    action: text,
    reward: 1,
    patternId: text,
  })
  await store.learningMetrics.add({ agentId: text, metricType: 'quality', metricValue: 1, context: { text } })
  await store.preferences.set({ preferenceType: text, preferenceValue: text })
  await store.metrics.add({ componentName: text, metricName: text, metricValue: 1, metadata: { text } })
  await store.memory.as({ agentId: text }).set({ key: text, partition: text, value: { text }, metadata: { text } })
  await store.fleet.fleets.create({ name: text, config: { text } })
  const pattern = { patternType: 'unit', framework: 'vitest', codeSignature: { text }, testTemplate: text } as const
  const { id } = await store.testPatterns.upsert({
    ...pattern,
    metadata: { name: text, description: `needle ${text}`, tags: ['needle', text], other: text },
    version: text,
  })
  await store.testPatterns.upsert({ ...pattern, framework: 'jest', codeSignature: { text, other: 1 } })
  await store.testPatterns.recordUse({ patternId: id, projectId: text, success: true })
}
