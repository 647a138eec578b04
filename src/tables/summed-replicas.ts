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

/** AUTOINCREMENT remembers the last id, also if its row was deleted. */
const LAST_ID = "SELECT seq FROM sqlite_sequence WHERE name = 'learning_experiences'"

const EXPERIENCE_ID = 'SELECT experience_id FROM learning_experiences WHERE id = ?'

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

  /** The last experience that this store recorded, or merged: its sums contain all of its own. */
  own(): ReplicaMark {
    const [sequence = 0] = this.#connection.get<[number]>(LAST_ID) ?? []
    const [experienceId = null] = this.#connection.get<[string | null]>(EXPERIENCE_ID, [sequence]) ?? []
    return { sequence, experienceId }
  }
}
