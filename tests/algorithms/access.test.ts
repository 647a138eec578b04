import { describe, expect, test } from 'vitest'
import {
  ACCESS_LEVELS,
  type AccessLevel,
  type Caller,
  type Guard,
  mayAccess,
  PERMISSIONS,
} from '../../src/algorithms/access.ts'

const entry: Guard = {
  owner: 'owner',
  accessLevel: 'private',
  teamId: 'T',
  swarmId: 'S',
  granted: { granted: ['read', 'delete'], 'granted and blocked': ['read', 'delete'] },
  blocked: ['blocked', 'blocked member', 'blocked system agent', 'granted and blocked'],
}

const callers: { readonly [role: string]: Caller } = {
  owner: { agentId: 'owner' },
  'member of the team': { agentId: 'mate', teamId: 'T' },
  'member of another team': { agentId: 'rival', teamId: 'S', swarmId: 'T' },
  'member of the swarm': { agentId: 'bee', swarmId: 'S' },
  stranger: { agentId: 'stranger' },
  'system agent': { agentId: 'kernel', isSystem: true },
  granted: { agentId: 'granted' },
  blocked: { agentId: 'blocked' },
  'blocked member': { agentId: 'blocked member', teamId: 'T', swarmId: 'S' },
  'blocked system agent': { agentId: 'blocked system agent', isSystem: true },
  'granted and blocked': { agentId: 'granted and blocked', teamId: 'T', swarmId: 'S', isSystem: true },
}

/** What each role may do at each level, from the rules of agentic-qe: read, write, delete, share by their first letters. */
const rules = `
  role                    private  team  swarm  public  system
  owner                   rwds     rwds  rwds   rwds    rwds
  member of the team      -        rws   -      rs      -
  member of another team  -        -     -      rs      -
  member of the swarm     -        -     rws    rs      -
  stranger                -        -     -      rs      -
  system agent            -        -     -      rs      rwds
  granted                 rd       rd    rd     rds     rd
  blocked                 -        -     -      -       -
  blocked member          -        -     -      -       -
  blocked system agent    -        -     -      -       -
  granted and blocked     rd       rd    rd     rd      rd
`
const [, ...rows] = rules
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/ {2,}/))
const cases = rows.flatMap(([role = '', ...cells]) =>
  ACCESS_LEVELS.flatMap((accessLevel, i) =>
    PERMISSIONS.map((permission) => ({
      role,
      accessLevel,
      permission,
      allowed: cells[i]?.includes(permission.charAt(0)),
    })),
  ),
)

test('the table has every role, level and permission', () => {
  expect(rows.map(([role]) => role)).toEqual(Object.keys(callers))
  expect(cases).toHaveLength(11 * 5 * 4)
})

test.each(cases)(
  'at level $accessLevel, may the $role $permission? $allowed',
  ({ role, accessLevel, permission, allowed }) => {
    const caller = callers[role]
    expect(caller && mayAccess(caller, permission, { ...entry, accessLevel })).toBe(allowed)
  },
)

describe('missing data grants no access', () => {
  test.each<AccessLevel>(['team', 'swarm'])('a %s without an id has no members', (accessLevel) => {
    const guard = { ...entry, accessLevel, teamId: null, swarmId: null }
    expect(mayAccess({ agentId: 'x' }, 'read', guard)).toBe(false)
  })

  test('an entry without an owner and with an unknown level is inaccessible', () => {
    const guard = { ...entry, owner: null, accessLevel: 'open' as AccessLevel }
    for (const caller of Object.values(callers)) expect(mayAccess(caller, 'write', guard)).toBe(false)
  })

  test('agents named like members of Object.prototype have no grants', () => {
    for (const agentId of ['constructor', '__proto__', 'toString']) {
      expect(mayAccess({ agentId }, 'read', entry)).toBe(false)
    }
  })
})
