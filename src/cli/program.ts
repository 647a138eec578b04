import tab from '@bomb.sh/tab/commander'
import { Command, CommanderError } from 'commander'
import { StoreError } from '../errors.ts'
import { defaultNodeStorage } from '../runtime/node/storage.ts'
import type { CommandSpec, OptionSpec } from './command.ts'
import { COMMANDS, GROUPS } from './commands/index.ts'
import { Context } from './context.ts'
import { exitCodeOf, Failure, type FailureCode } from './failure.ts'
import { packageVersion } from './files.ts'
import { COMMON } from './options.ts'
import { errorStyle, print, printError, whenOutputFails } from './terminal.ts'

const NAME = 'learning-store'

const AFTER = `
Exit codes: 0 all is well, 1 it failed or something is not sound, 2 the command was not written as it must be, 130 stopped.

Shell completion:
  bash   source <(${NAME} completion bash)
  zsh    source <(${NAME} completion zsh)
  fish   ${NAME} completion fish | source`

/** Runs the command that these arguments spell. Answers the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const isJson = args.includes('--json')
  let exitCode = 0
  whenOutputFails(({ message }) =>
    failed(new Failure('STORAGE_ERROR', `Expected to write the answer: ${message}`), isJson),
  )
  const program = programOf(async (spec, options, given) => {
    exitCode = await perform(spec, options, given)
  }, isJson)
  if (args.length === 0) {
    program.outputHelp()
    return 0
  }
  try {
    await program.parseAsync([...args], { from: 'user' })
    return exitCode
  } catch (error) {
    if (!(error instanceof CommanderError)) return failed(error, isJson)
    // Help and version come as errors, too.
    if (error.exitCode === 0) return 0
    if (isJson) failed(new Failure('USAGE', error.message.replace(/^error: /, '')), true)
    return 2
  }
}

type Operation = (
  spec: CommandSpec,
  options: { readonly [name: string]: unknown },
  args: readonly string[],
) => Promise<void>

function programOf(operation: Operation, isJson: boolean): Command {
  const program = new Command(NAME)
    .description('Looks into a learning store, moves learning in and out, and mends it.')
    .version(packageVersion(), '--version', 'the version of this package')
    .exitOverride()
    .configureOutput({ writeErr: (text) => (isJson ? undefined : printError(text.trimEnd())) })
    .showHelpAfterError(`(${NAME} --help tells all commands)`)
    .addHelpText('after', AFTER)
  const groups = new Map<string, Command>()
  for (const spec of COMMANDS) {
    const words = spec.name.split(' ')
    const [group = '', word = group] = words
    if (words.length === 2 && !groups.has(group))
      groups.set(group, program.command(group).description(GROUPS[group] ?? ''))
    const command = (groups.get(group) ?? program).command(word).description(spec.summary)
    for (const [name, what] of spec.arguments ?? []) command.argument(name, what)
    for (const option of [...(spec.options ?? []), ...COMMON]) addOption(command, option)
    command.addHelpText('after', `\nExamples:\n${spec.examples.map((one) => `  ${NAME} ${one}`).join('\n')}`)
    command.action(() => operation(spec, command.opts(), command.args))
  }
  tab(program, { completionCommandName: 'completion' })
  return program
}

function addOption(command: Command, [flags, what, read]: OptionSpec): void {
  // Never the parser alone: commander calls it with the value before, which `parseInt` would take for a radix.
  if (read) command.option(flags, what, (text: string) => read(text))
  else command.option(flags, what)
}

async function perform(
  spec: CommandSpec,
  options: { readonly [name: string]: unknown },
  args: readonly string[],
): Promise<number> {
  const isJson = options.json === true
  const storage = typeof options.storage === 'string' ? options.storage : defaultNodeStorage()
  const context = new Context(options, args, storage)
  try {
    const report = await spec.run(context).finally(() => context.close())
    const { json, text } = report
    print(isJson ? JSON.stringify(json, plain, 2) : typeof text === 'string' ? text : text())
    return report.isUnsound ? 1 : 0
  } catch (error) {
    return failed(error, isJson)
  }
}

/** JSON has no bytes: they become base64. */
function plain(_: string, value: unknown): unknown {
  return value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value
}

function failed(error: unknown, isJson: boolean): number {
  const isKnown = error instanceof Failure || error instanceof StoreError
  const code: FailureCode = isKnown ? error.code : 'INTERNAL'
  const message = error instanceof Error ? error.message : String(error)
  if (isJson) printError(JSON.stringify({ error: { code, message } }))
  else
    printError(
      `${errorStyle.red('error')} ${errorStyle.dim(code)} ${isKnown ? message : ((error as Error).stack ?? message)}`,
    )
  return exitCodeOf(error)
}
