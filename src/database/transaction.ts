import { Injectable } from '@nestjs/common'
import { InjectDataSource } from '@nestjs/typeorm'
import { DataSource, type EntityManager } from 'typeorm'

const deadlock = '40P01'
const serialization = '40001'

/** Runs work in one transaction; repeats it when PostgreSQL broke a deadlock at its expense. */
@Injectable()
export class Transaction {
  constructor(@InjectDataSource() private readonly source: DataSource) {}

  async run<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.source.transaction(work)
      } catch (error) {
        const code = databaseErrorCode(error)
        if (attempt >= 5 || (code !== deadlock && code !== serialization)) throw error
      }
    }
  }

  /** For reading outside a transaction. */
  get manager(): EntityManager {
    return this.source.manager
  }
}

/** The SQLSTATE of a database error, or null for anything else. */
export function databaseErrorCode(error: unknown): string | null {
  const code = (error as { driverError?: { code?: unknown }; code?: unknown } | null)?.driverError?.code
  return typeof code === 'string' ? code : null
}

/** The name of the constraint (or of the rule that a trigger named) that was broken, or null. */
export function brokenConstraint(error: unknown): string | null {
  const name = (error as { driverError?: { constraint?: unknown } } | null)?.driverError?.constraint
  return typeof name === 'string' ? name : null
}
