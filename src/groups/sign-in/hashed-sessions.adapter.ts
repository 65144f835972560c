import type { BetterAuthOptions } from 'better-auth'
import { getAdapter } from 'better-auth/db/adapter'
import type { DBAdapter, DBAdapterInstance, Where } from 'better-auth/types'
import type { Pool } from 'pg'

import { sha256 } from '../../kernel/ids.js'

type Operations = Omit<DBAdapter, 'transaction'>

/**
 * The library's way to its tables, with one difference: of a session's token only the SHA-256 is stored and compared.
 * The library itself never notices, since it gets back the token that it asked with. So the table opens nothing, whoever
 * reads it or a backup of it, even with the key that signs the cookie.
 */
export function hashedSessions(pool: Pool): DBAdapterInstance {
  return (options: BetterAuthOptions) => {
    const real = getAdapter({ ...options, database: pool })
    return {
      ...hashing((use) => real.then(use)),
      id: 'hashed-sessions',
      transaction: (work) =>
        real.then((adapter) => adapter.transaction((within) => work(hashing(async (use) => use(within))))),
    }
  }
}

/** Every operation of `real`, with the tokens of sessions hashed on the way in and restored on the way out. */
function hashing(real: <T>(use: (adapter: Operations) => Promise<T>) => Promise<T>): Operations {
  return {
    id: 'hashed-sessions',
    create: async (given) => {
      const token = given.model === 'session' ? (given.data as { token?: unknown }).token : undefined
      if (typeof token !== 'string') return real((adapter) => adapter.create(given))
      const created = await real((adapter) =>
        adapter.create({ ...given, data: { ...given.data, token: sha256(token) } }),
      )
      return { ...created, token } as never
    },
    findOne: async (given) => restore(given, await real((adapter) => adapter.findOne(hashed(given)))) as never,
    findMany: async (given) => real((adapter) => adapter.findMany(hashed(given))),
    count: (given) => real((adapter) => adapter.count(hashed(given))),
    update: async (given) => restore(given, await real((adapter) => adapter.update(hashed(given)))) as never,
    updateMany: (given) => real((adapter) => adapter.updateMany(hashed(given))),
    delete: (given) => real((adapter) => adapter.delete(hashed(given))),
    deleteMany: (given) => real((adapter) => adapter.deleteMany(hashed(given))),
    consumeOne: async (given) => restore(given, await real((adapter) => adapter.consumeOne(hashed(given)))) as never,
    incrementOne: async (given) =>
      restore(given, await real((adapter) => adapter.incrementOne(hashed(given)))) as never,
  }
}

interface Asked {
  readonly model: string
  readonly where?: Where[] | undefined
}

function hashed<Given extends Asked>(given: Given): Given {
  if (given.model !== 'session' || !given.where) return given
  return {
    ...given,
    where: given.where.map((part) => (part.field === 'token' ? { ...part, value: hashedValue(part.value) } : part)),
  }
}

function hashedValue(value: Where['value']): Where['value'] {
  if (typeof value === 'string') return sha256(value)
  return Array.isArray(value) ? value.map((each) => sha256(String(each))) : value
}

/** A session that was asked for by its token comes back with it. */
function restore(given: Asked, row: unknown): unknown {
  const asked = given.model === 'session' && given.where?.find((part) => part.field === 'token')?.value
  return typeof asked === 'string' && typeof row === 'object' && row !== null ? { ...row, token: asked } : row
}
