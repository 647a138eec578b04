import type { BaseAgent, BaseAgentOptions, Task, TaskResult, TaskRun } from '../../src/entry/node.ts'

/** The task of the example in agentic-qe's persistence document. */
export const unitTests: Task = { type: 'test-generation', requiredCapabilities: ['unit-test'] }

export const STATE_KEY = 'complexity:0.5|capabilities:unit-test|attempts:0'
export const ACTION_KEY = 'strategy:template-based|parallelization:0.7'

export const templateBased: TaskResult = { strategy: 'template-based', parallelization: 0.7, executionTime: 2500 }

/** An agent whose tasks hold the function to run. */
export interface DoingTask extends Task {
  readonly does: (run: TaskRun) => unknown
}

export type Doing = BaseAgent & { executeTask(task: DoingTask): Promise<unknown>; readonly steps: readonly string[] }

/** @param Base the class of any runtime */
export function doingAgent(Base: typeof BaseAgent, options: BaseAgentOptions): Doing {
  class DoingAgent extends Base {
    readonly steps: string[] = []

    protected override performTask(task: Task, run: TaskRun): unknown {
      this.steps.push('performTask')
      return (task as DoingTask).does(run)
    }

    protected override onPreTask(): void {
      this.steps.push('onPreTask')
    }

    protected override onPostTask(): void {
      this.steps.push('onPostTask')
    }

    protected override onTaskError(): void {
      this.steps.push('onTaskError')
    }
  }
  return new DoingAgent(options)
}
