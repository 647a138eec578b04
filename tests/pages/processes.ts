import { readdirSync, readFileSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'

/** Ends all processes of a group at one blow, and resolves when none of them lives. */
export async function killGroup(group: number): Promise<void> {
  try {
    process.kill(-group, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
  while (livesAny(group)) await turn()
}

function livesAny(group: number): boolean {
  return readdirSync('/proc').some((pid) => /^\d+$/.test(pid) && groupOf(pid) === group && threadsOf(pid).some(lives))
}

/** A process that was ended is a zombie before the last of its threads has let its files go. */
function threadsOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}/stat`)
  } catch {
    return []
  }
}

/** A zombie is dead, whether anybody reaps it or not. */
function lives(stat: string): boolean {
  return !['Z', 'X', undefined].includes(fieldsOf(stat)[0])
}

function groupOf(pid: string): number {
  return Number(fieldsOf(`/proc/${pid}/stat`)[2])
}

/** What comes after the name in brackets, which may hold anything: state, parent, group, ... */
function fieldsOf(stat: string): string[] {
  try {
    return readFileSync(stat, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
  } catch {
    return []
  }
}
