export { decodeFrames, type Frame, type Frames, lastSequence, sequenceOf } from '../persistence/log/frame.ts'
export { type RecordedCommit, type RecordedValue, RecordReader } from '../persistence/log/record.ts'
export type {
  Durability,
  OpenOptions,
  Persists,
  ReadOptions,
  ReadPosition,
  ReadState,
  Snapshot,
  SnapshotVerdict,
  StorageAdapter,
  StoredState,
} from '../persistence/storage.ts'
export { type Fault, type FaultOptions, faultyStorage } from '../persistence/testing/faulty-storage.ts'
