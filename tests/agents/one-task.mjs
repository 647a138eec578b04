// One process with one engine on the default storage, as users of the build have it: learns one task and ends.
// Arguments: the id of the agent, the name of the task.
import { LearningEngine, openLearningStore } from 'learning-store'

const [, , id, taskId] = process.argv
const engine = new LearningEngine(id, { openStore: () => openLearningStore({ lockTimeoutMs: 60_000 }) })
const { learned } = await engine.learnFromExecution(
  { type: 'unit', id: taskId },
  { strategy: 's', executionId: taskId },
)
await engine.dispose()
process.stdout.write(learned ? taskId : '')
