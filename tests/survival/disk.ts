import { execFileSync } from 'node:child_process'
import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { folder } from './environment.ts'

const BYTES = '64M'
/** EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH: from this call on the file system writes nothing, not even its journal. */
const SHUT_DOWN = 'open(F, "<", $ARGV[0]) or die $!; my $flags = pack("L", 2); ioctl(F, 0x8004587D, $flags) or die $!'

/**
 * A disk of its own: an ext4 image mounted by a loop device, whose power can be cut. What the image holds then is what
 * the file system had handed to the device, and nothing of what only its page cache held; what mounts again is a copy of it.
 */
export class Disk {
  /** Where it is mounted. */
  readonly root: string
  readonly #folder: ReturnType<typeof folder>
  readonly #image: string
  readonly #copy: string
  #isMounted = false

  /** @param bytes how large it is, as truncate(1) writes it. */
  constructor(bytes: string = BYTES) {
    this.#folder = folder()
    this.root = join(this.#folder.path, 'mounted')
    this.#image = join(this.#folder.path, 'image')
    this.#copy = join(this.#folder.path, 'copy')
    mkdirSync(this.root)
    try {
      run('truncate', '--size', bytes, this.#image)
      run('mkfs.ext4', '-q', '-F', this.#image)
    } catch (error) {
      this.#folder.remove()
      throw error
    }
  }

  /**
   * @param journal what the journal holds: `ordered` is what most machines have.
   * @param commitSeconds after how long the file system syncs what nobody has synced. Default: that of ext4.
   */
  mount(journal: 'ordered' | 'writeback' | 'journal' = 'ordered', commitSeconds = 5): void {
    // The loop device frees itself when it is unmounted.
    run('mount', '-o', `loop,data=${journal},commit=${commitSeconds}`, this.#image, this.root)
    this.#isMounted = true
  }

  /**
   * Nothing reaches the disk any more, in the middle of whatever is being written. What is acknowledged from here on does
   * not count: Linux 6.18 answered 0 to an fdatasync under way in 5 of 150 cuts, and had not kept what it was for.
   */
  cut(): void {
    run('perl', '-e', SHUT_DOWN, this.root)
    run('cp', '--sparse=always', this.#image, this.#copy)
  }

  /** Leaves the machine as it is after the cut, when none of its processes uses the disk any more. */
  unplug(): void {
    this.#unmount()
    renameSync(this.#copy, this.#image)
  }

  remove(): void {
    this.#unmount()
    this.#folder.remove()
  }

  #unmount(): void {
    if (this.#isMounted) run('umount', this.root)
    this.#isMounted = false
  }
}

/** Why there are no such disks here; undefined where there are. */
export function whyNoDisk(): string | undefined {
  if (process.platform !== 'linux') return 'needs Linux'
  if (process.getuid?.() !== 0) return 'needs root'
  let disk: Disk | undefined
  try {
    disk = new Disk()
    disk.mount()
    disk.cut()
    return undefined
  } catch (error) {
    return error instanceof Error ? (error.message.trim().split('\n').at(-1) ?? '') : String(error)
  } finally {
    disk?.remove()
  }
}

function run(command: string, ...args: readonly string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] })
}
