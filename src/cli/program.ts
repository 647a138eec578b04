import tab from '@bomb.sh/tab/commander'
import { Command, CommanderError, type OutputConfiguration } from 'commander'
import { StoreError } from '../errors.ts'
import { debugLog } from '../runtime/node/debug-log.ts'
import { defaultNodeStorage, type Environment } from '../runtime/node/default-storage.ts'
import { VERSION } from '../version.ts'
import type { CommandSpec, OptionSpec } from './command.ts'
import { COMMANDS, GROUPS } from './commands/index.ts'
import { Context, type OptionValues } from './context.ts'
import { exitCodeOf, Failure, type FailureCode } from './failure.ts'
import { COMMON } from './options.ts'
import { type ProgramHost, Terminal } from './terminal.ts'
import { visibleLine } from './visible.ts'

const NAME = 'learning-store'

const AFTER = `
Exit codes: 0 success, 1 failure or problems found, 2 invalid command line or not confirmed, 130 interrupted.

Shell completion:
  bash   source <(${NAME} completion bash)
  zsh    source <(${NAME} completion zsh)
  fish   ${NAME} completion fish | source`

/** Runs a command line. @returns the exit code */
export async function run(args: readonly string[], host: ProgramHost): Promise<number> {
  const isJson = isJsonWanted(args)
  const terminal = new Terminal(host)
  let exitCode = 0
  terminal.onOutputError(({ message }) =>
    printFailure(new Failure('STORAGE_ERROR', `Cannot write to standard output: ${message}`), isJson, terminal),
  )
  const output: OutputConfiguration = {
    writeOut: (text) => terminal.print(text),
    writeErr: (text) => (isJson ? undefined : terminal.printError(text.trimEnd())),
    getOutHelpWidth: () => helpWidth(host.stdout),
    getErrHelpWidth: () => helpWidth(host.stderr),
  }
  const program = buildProgram(output, async (spec, options, operands) => {
    exitCode = await perform(spec, options, operands, terminal, host.env)
  })
  if (args.length === 0) {
    program.outputHelp()
    return 0
  }
  try {
    await program.parseAsync([...args], { from: 'user' })
    return exitCode
  } catch (error) {
    if (!(error instanceof CommanderError)) return printFailure(error, isJson, terminal)
    // Commander throws for help and version, too.
    if (error.exitCode === 0) return 0
    if (isJson) printFailure(new Failure('USAGE', messageOf(error)), true, terminal)
    return 2
  }
}

/** Whether `--json` is an option and not an operand, which stands after `--`. */
function isJsonWanted(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  return (end === -1 ? args : args.slice(0, end)).includes('--json')
}

function messageOf({ code, message }: CommanderError): string {
  // Commander prints the help instead of a message.
  if (code === 'commander.help') return `Expected a command (see ${NAME} --help)`
  return message.replace(/^error: /, '')
}

function helpWidth({ isTTY, columns }: ProgramHost['stdout']): number {
  return (isTTY && columns) || 80
}

type OnCommand = (spec: CommandSpec, options: OptionValues, args: readonly string[]) => Promise<void>

function buildProgram(output: OutputConfiguration, onCommand: OnCommand): Command {
  const program = new Command(NAME)
    .description('Inspects, imports, exports and repairs learning stores.')
    .version(VERSION, '--version', 'print the version of this package')
    .exitOverride()
    .configureOutput(output)
    .showHelpAfterError(`(see ${NAME} --help)`)
    .addHelpText('after', AFTER)
  for (const option of COMMON) addOption(program, option)
  const groups = new Map<string, Command>()
  for (const spec of COMMANDS) {
    const words = spec.name.split(' ')
    const [group = '', word = group] = words
    if (words.length === 2 && !groups.has(group))
      groups.set(group, program.command(group).description(GROUPS[group] ?? ''))
    const command = (groups.get(group) ?? program).command(word).description(spec.summary)
    for (const [name, description] of spec.arguments ?? []) command.argument(name, description)
    for (const option of [...(spec.options ?? []), ...COMMON]) addOption(command, option)
    command.addHelpText('after', `\nExamples:\n${spec.examples.map((one) => `  ${NAME} ${one}`).join('\n')}`)
    command.action(() => onCommand(spec, command.optsWithGlobals(), command.args))
  }
  tab(program, { completionCommandName: 'completion' })
  return program
}

function addOption(command: Command, [flags, description, parse]: OptionSpec): void {
  if (parse) command.option(flags, description, (text: string, before: unknown) => parse(text, before))
  else command.option(flags, description)
}

async function perform(
  spec: CommandSpec,
  options: OptionValues,
  args: readonly string[],
  terminal: Terminal,
  env: Environment,
): Promise<number> {
  const isJson = options.json === true
  try {
    const log = debugLog(env, (line) => terminal.printError(line))
    const storage = typeof options.storage === 'string' ? options.storage : await defaultNodeStorage(env)
    log?.write('command', { name: spec.name, storage })
    const context = new Context(options, args, storage, terminal, spec.isReading, log)
    const exitCode = await reported(spec, context).catch((error: unknown) => printFailure(error, isJson, terminal))
    log?.write('ended', { exitCode, ms: log.elapsedMs() })
    return exitCode
  } catch (error) {
    return printFailure(error, isJson, terminal)
  }
}

/** Runs a command and prints its result. @returns the exit code */
async function reported(spec: CommandSpec, context: Context): Promise<number> {
  const { terminal } = context
  try {
    const { json, text, isContent, hasProblems } = await spec.run(context)
    await context.close()
    if (context.json && json !== undefined) terminal.print(JSON.stringify(json, plain, 2))
    const printed = (): string => (typeof text === 'string' ? text : text())
    if (!context.json) isContent ? terminal.printContent(printed()) : terminal.print(printed())
    return hasProblems ? 1 : 0
  } finally {
    await context.close()
  }
}

/** Encodes bytes as base64. */
function plain(_: string, value: unknown): unknown {
  return value instanceof Uint8Array ? { base64: Buffer.from(value).toString('base64') } : value
}

/** @returns the exit code */
function printFailure(error: unknown, isJson: boolean, terminal: Terminal): number {
  const isKnown = error instanceof Failure || error instanceof StoreError
  const code: FailureCode = isKnown ? error.code : 'INTERNAL'
  const message = error instanceof Error ? error.message : String(error)
  const { red, dim } = terminal.errorStyle
  if (isJson) terminal.printError(JSON.stringify({ error: { code, message } }))
  else
    terminal.printError(
      `${red('error')} ${dim(code)} ${isKnown ? visibleLine(message) : ((error as Error).stack ?? message)}`,
    )
  return exitCodeOf(error)
}
