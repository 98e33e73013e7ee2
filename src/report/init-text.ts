import type { InitReport } from '../init/record.js'
import type { Paint } from './paint.js'

/** What init did, for people: the package, the files, what is left to write, what to type next. */
export function initText({ package: { wanted, name, version, shape, because }, others, files, todo, starts, next }: InitReport, paint: Paint): string {
  return [
    `${name} ${version} from ${wanted} (${shape}): ${because}`,
    ...(others.length > 0 ? [`  also here: ${others.join(', ')}; to take another: lanecheck init NAME`] : []),
    '',
    ...files.map(({ path, state }) => `${state === 'kept' ? 'kept as it is' : 'written'}  ${path}`),
    ...(starts === null ? [] : ['', starts.ok ? paint.green(`it starts: ${starts.says}`) : `${paint.red('it does not start yet')}: ${starts.says}`]),
    ...(todo.length === 0 ? [] : ['', 'left to write', ...todo.map(({ at, what }) => `  ${at}  ${what}`)]),
    '', 'next',
    ...next.map((command) => `  ${command}`),
    '',
  ].join('\n')
}
