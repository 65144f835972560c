import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Logger,
  NotFoundException,
} from '@nestjs/common'
import type { Request, Response } from 'express'

import { databaseErrorCode } from '../database/transaction.js'
import { DomainError, type Refusal } from '../kernel/domain-error.js'

const statusOf: Record<Refusal, number> = {
  invalid: 422,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  gone: 410,
  'too-many': 429,
  'not-signed-in': 401,
}

/** SQLSTATE 22021 and 22P05: PostgreSQL keeps no character zero, in a text or in JSON. */
const unkeepable = ['22021', '22P05']

const tooLargeText = 'This is too large; a picture may have up to 25 MB. Make it smaller and try again.'

/** Half a character too is none: in JSON that is a 22P02, as much else is. */
function isUnkeepable(error: unknown): boolean {
  const code = databaseErrorCode(error) ?? ''
  return unkeepable.includes(code) || (code === '22P02' && error instanceof Error && /json/.test(error.message))
}

/** Turns every refusal into `application/problem+json` (RFC 9457); logs bugs once, without request content. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly log = new Logger('Http')

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp()
    const request = http.getRequest<Request & { requestId?: string }>()
    const response = http.getResponse<Response>()
    if (response.headersSent) return
    const problem = this.describe(error, request.requestId ?? '')
    response
      .status(problem.status)
      .type('application/problem+json')
      .send(JSON.stringify({ type: 'about:blank', ...problem, instance: request.requestId }))
  }

  private describe(error: unknown, requestId: string): { status: number; title: string; code: string; detail: string } {
    if (error instanceof DomainError) {
      return {
        ...error.details,
        status: statusOf[error.refusal],
        title: titleOf(error.refusal),
        code: error.code,
        detail: error.message,
      }
    }
    if (error instanceof HttpException) {
      const unknown = error instanceof NotFoundException && /^Cannot ([A-Z]+ \/.*)$/.exec(error.message)
      if (unknown) {
        const detail = `There is nothing here that answers ${unknown[1]}. What there is, is listed at /api/docs.`
        return { status: 404, title: titleOf('not-found'), code: 'no-such-path', detail }
      }
      const body = error.getResponse()
      const message =
        typeof body === 'object' && 'message' in body ? (body as { message: unknown }).message : error.message
      const status = error.getStatus()
      // The parser of uploads says "File too large" only.
      const detail = status === 413 ? tooLargeText : Array.isArray(message) ? message.join(' ') : String(message)
      return { status, title: error.name.replace(/Exception$/, ''), code: codeOf(error), detail }
    }
    const status = (error as { status?: unknown } | null)?.status
    if (typeof status === 'number' && status >= 400 && status < 500) {
      const tooLarge = status === 413
      return {
        status,
        title: 'Bad request',
        code: tooLarge ? 'too-large' : 'bad-request',
        detail: tooLarge ? tooLargeText : 'This request could not be read. Check its form and try again.',
      }
    }
    if (isUnkeepable(error)) {
      return {
        status: 422,
        title: titleOf('invalid'),
        code: 'unkeepable-character',
        detail: 'There is a character in this that no text can hold. Take it out, or type the text anew.',
      }
    }
    this.log.error({
      message: 'A request failed',
      requestId,
      error: error instanceof Error ? error.stack : 'not an Error',
    })
    return {
      status: 500,
      title: 'Something broke',
      code: 'internal',
      detail: `Something broke on our side; nothing of yours was changed. If it happens again, tell your admin the number ${requestId}.`,
    }
  }
}

function codeOf(error: HttpException): string {
  return error.name
    .replace(/Exception$/, '')
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
}

function titleOf(refusal: Refusal): string {
  const words = refusal.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
