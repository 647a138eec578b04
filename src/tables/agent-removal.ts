import type { Connection } from '../sql/connection.ts'
import { LearningSumsTable } from './learning-sums.ts'
import { LinearArmsTable } from './linear-arms.ts'
import { LinearModelsTable } from './linear-models.ts'
import { ValuesTable } from './values.ts'

/** Numbers of deleted rows by kind. */
export interface ResetAgentResult {
  readonly experiences: number
  readonly decisions: number
  readonly values: number
  readonly patterns: number
  readonly failurePatterns: number
  readonly patternUses: number
  readonly historyRecords: number
  readonly metrics: number
}

/** Deletes everything that an agent learned. */
export class AgentRemovalTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  removeLearning(agentId: string): ResetAgentResult {
    const remove = (sql: string): number => this.#connection.run(sql, [agentId])
    new LinearArmsTable(this.#connection).removeAgent(agentId)
    new LinearModelsTable(this.#connection).remove(agentId)
    new LearningSumsTable(this.#connection).removeAgent(agentId)
    return {
      experiences: remove('DELETE FROM learning_experiences WHERE agent_id = ?'),
      decisions: remove('DELETE FROM learning_decisions WHERE agent_id = ?'),
      values: new ValuesTable(this.#connection).removeAgent(agentId),
      failurePatterns: remove(`DELETE FROM patterns WHERE agent_id = ? AND pattern_type LIKE '%:failure'`),
      patterns: remove('DELETE FROM patterns WHERE agent_id = ?'),
      patternUses: remove('DELETE FROM pattern_usage WHERE agent_id = ?'),
      historyRecords: remove('DELETE FROM learning_history WHERE agent_id = ?'),
      metrics: remove('DELETE FROM learning_metrics WHERE agent_id = ?'),
    }
  }
}
