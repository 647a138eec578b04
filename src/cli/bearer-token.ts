import { checkToken } from '../http/bearer-token.ts'
import type { OptionSpec } from './command.ts'
import type { Context } from './context.ts'
import { readInput } from './files.ts'

const VARIABLE = 'LEARNING_STORE_TOKEN'

export const TOKEN_FILE: OptionSpec = [
  '--token-file <file>',
  `file with the bearer token that requests must carry (default: $${VARIABLE})`,
]

/**
 * The token from `--token-file` or the environment; undefined if none is given. It is no option itself: other users of
 * the machine can see command lines.
 * @throws INVALID_ARGUMENT, NOT_FOUND
 */
export async function tokenFrom(context: Context): Promise<string | undefined> {
  const file = context.text('tokenFile')
  if (file !== undefined)
    return checkToken(
      Buffer.from(await readInput(file))
        .toString('utf8')
        .trimEnd(),
      `the token in ${file}`,
    )
  const token = context.terminal.env[VARIABLE]
  return token ? checkToken(token, VARIABLE) : undefined
}
