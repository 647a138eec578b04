import type { LearnerConfiguration } from '../../tables/learners.ts'
import { writeLearningModelState } from '../../transfer/learning-model-writing.ts'
import type { CommandSpec } from '../command.ts'
import type { Chosen, Context } from '../context.ts'
import { Failure } from '../failure.ts'
import { fileOf, packageVersion, writeOutput } from '../files.ts'
import { AGENT, FORCE, OUTPUT } from '../options.ts'

/** As many experiences as the format keeps. */
const MOST = 1_000

export const learnExport: CommandSpec = {
  name: 'learn export',
  summary: 'write what agents learned as the LearningModelState of agentic-qe',
  options: [AGENT, OUTPUT, FORCE],
  examples: [
    'learn export --agent qe-test-generator --output learning.json',
    'learn export --agent qe-test-generator-001 > learning.json',
  ],
  async run(context) {
    const chosen = await context.agents()
    if (chosen.length === 0) throw new Failure('NOT_FOUND', 'Expected an agent in this store, got none.')
    const output = context.text('output')
    const models: { readonly agentId: string; readonly text: string }[] = []
    for (const one of chosen) models.push({ agentId: one.agent.id, text: await modelOf(context, one) })
    if (output === undefined) {
      const json = models.map(({ text }) => JSON.parse(text) as unknown)
      const all = json.length === 1 ? json[0] : json
      return { json: all, text: JSON.stringify(all, undefined, 2) }
    }
    const written = models.map((model) => ({
      ...model,
      file: models.length === 1 ? output : fileOf(output, model.agentId),
    }))
    for (const { file, text } of written) await writeOutput(file, text, context.has('force'))
    const files = written.map(({ agentId, file }) => ({ agentId, file }))
    return { json: { files }, text: files.map(({ agentId, file }) => `${agentId} is in ${file}`).join('\n') }
  },
}

async function modelOf(context: Context, { status }: Chosen): Promise<string> {
  const store = await context.store()
  const { id: agentId, currentExplorationRate, experienceCount, ...configuration } = status
  const [values, experiences, patterns] = await Promise.all([
    store.values.byState(agentId),
    store.experiences.list({ agentId, limit: MOST }),
    store.patterns.list({ agentId, limit: Number.MAX_SAFE_INTEGER }),
  ])
  const pieces = writeLearningModelState({
    ...{ agentId, explorationRate: currentExplorationRate, values, experiences: experiences.reverse(), patterns },
    ...{ configuration: configuration satisfies LearnerConfiguration, experienceCount },
    ...{ version: packageVersion(), now: context.now() },
  })
  return [...pieces].join('')
}
