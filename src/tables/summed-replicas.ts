import type { Connection } from '../sql/connection.ts'

/** The last experience of a replica. */
export interface ReplicaMark {
  /** Its row id in the store of the replica. */
  readonly sequence: number
  /** Null if it was pruned, or recorded without an id. */
  readonly experienceId: string | null
}

const ALL = 'SELECT replica_id, sequence, experience_id FROM summed_replicas ORDER BY replica_id'

const PUT = `INSERT INTO summed_replicas (replica_id, sequence, experience_id) VALUES (?, ?, ?)
  ON CONFLICT (replica_id) DO UPDATE SET sequence = excluded.sequence, experience_id = excluded.experience_id`

const NEWEST_OWN = `SELECT id, experience_id FROM learning_experiences WHERE replica_id IS NULL ORDER BY id DESC LIMIT 1`

/** How far the sums of a store contain the experiences of other replicas. */
export class SummedReplicasTable {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  all(): Map<string, ReplicaMark> {
    const rows = this.#connection.all<[string, number, string | null]>(ALL)
    return new Map(rows.map(([replicaId, sequence, experienceId]) => [replicaId, { sequence, experienceId }]))
  }

  put(replicaId: string, { sequence, experienceId }: ReplicaMark): void {
    this.#connection.run(PUT, [replicaId, sequence, experienceId])
  }

  remove(replicaId: string): void {
    this.#connection.run('DELETE FROM summed_replicas WHERE replica_id = ?', [replicaId])
  }

  /** The newest stored experience that this store recorded itself; its sums contain them all. */
  own(): ReplicaMark {
    const [sequence = 0, experienceId = null] = this.#connection.get<[number, string | null]>(NEWEST_OWN) ?? []
    return { sequence, experienceId }
  }
}
