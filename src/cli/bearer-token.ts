import { randomBytes } from 'node:crypto'
import { checkToken } from '../http/bearer-token.ts'
import type { OptionSpec } from './command.ts'
import type { Context } from './context.ts'
import { Failure } from './failure.ts'
import { readInput } from './files.ts'

const VARIABLE = 'LEARNING_STORE_TOKEN'
const BYTES_OF_A_TOKEN = 24

/** The options of a server that say which bearer token its requests must carry. */
export const TOKEN_OPTIONS: readonly OptionSpec[] = [
  [
    '--token-file <file>',
    `file with the bearer token of requests (default: $${VARIABLE}, or a new one, which is printed)`,
  ],
  ['--no-token', 'answer requests without a token, on loopback only'],
]

/** The token that requests must carry, and whether it was generated for this run of the server and must be printed. */
export interface ServerToken {
  readonly token: string | undefined
  readonly isNew: boolean
}

/**
 * The token from `--token-file` or the environment, or else a new one; none with `--no-token`. It is no option itself: other users
 * of the machine can see command lines.
 * @throws INVALID_ARGUMENT, NOT_FOUND
 */
export async function serverToken(context: Context): Promise<ServerToken> {
  const file = context.text('tokenFile')
  if (context.isWithout('token')) {
    if (file !== undefined) throw new Failure('USAGE', 'Expected either --token-file or --no-token')
    return { token: undefined, isNew: false }
  }
  const token = file === undefined ? fromEnvironment(context) : await fromFile(file)
  if (token !== undefined) return { token, isNew: false }
  if (context.json) throw new Failure('USAGE', `Expected --token-file, $${VARIABLE} or --no-token with --json`)
  return { token: randomBytes(BYTES_OF_A_TOKEN).toString('base64url'), isNew: true }
}

async function fromFile(file: string): Promise<string> {
  const text = Buffer.from(await readInput(file)).toString('utf8')
  return checkToken(text.trimEnd(), `the token in ${file}`)
}

function fromEnvironment({ terminal }: Context): string | undefined {
  const token = terminal.env[VARIABLE]
  return token ? checkToken(token, VARIABLE) : undefined
}

/** Prints where the server listens, and a new token. */
export function printServer(context: Context, url: string, { token, isNew }: ServerToken): void {
  const header = isNew ? `\nRequests must carry the header  Authorization: Bearer ${token}` : ''
  context.print(`Listening on ${url}${header}`)
}
