import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

import type { NestExpressApplication } from '@nestjs/platform-express'
import express, { type NextFunction, type Request, type Response } from 'express'

import type { Config } from '../config/config.js'
import { forgeryProblem, hostProblem } from './same-origin.js'
import { securityHeaders } from './security-headers.js'

const serverPaths = /^\/(api|health|r|review|sign-in\/confirm|noticeboard|media|mailbox|unsubscribe)(\/|$|\.)/

/** What every request meets before any route: a number, safe headers, the check for forged requests, body limits, the workspace's files. */
export function applyEdge(app: NestExpressApplication, config: Config, webFolder: string): void {
  app.set('trust proxy', config.trustProxy)
  if (config.role === 'worker') answerHealthOnly(app)
  app.disable('x-powered-by')
  const headers = securityHeaders(config.production)
  app.use((request: Request & { requestId?: string }, response: Response, next: NextFunction) => {
    request.requestId = randomUUID()
    response.setHeader('X-Request-Id', request.requestId)
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    if (request.path.startsWith('/api/')) response.setHeader('Cache-Control', 'no-store')
    const stranger = config.production ? null : hostProblem(request.get('host'), config.publicOrigin)
    const problem =
      stranger ??
      forgeryProblem(
        {
          method: request.method,
          path: request.path,
          origin: request.get('origin'),
          fetchSite: request.get('sec-fetch-site'),
          marker: request.get('x-seconder'),
        },
        config.publicOrigin,
        request.get('host'),
      )
    if (problem === null) return next()
    response
      .status(403)
      .type('application/problem+json')
      .send(
        JSON.stringify({
          type: 'about:blank',
          status: 403,
          title: 'Forbidden',
          code: 'forged-request',
          detail: problem,
        }),
      )
  })
  app.useBodyParser('json', { limit: '512kb' })
  app.useBodyParser('urlencoded', { limit: '64kb', extended: false })
  serveWebApp(app, webFolder)
}

/** A process that only works is asked by nobody but those who look whether it lives. */
function answerHealthOnly(app: NestExpressApplication): void {
  app.use((request: Request, response: Response, next: NextFunction) => {
    if (request.path.startsWith('/health/')) return next()
    const detail = 'This process publishes, mails and counts, and has no pages. Ask one with ROLE=web or ROLE=all.'
    response
      .status(404)
      .type('application/problem+json')
      .send(JSON.stringify({ type: 'about:blank', status: 404, title: 'Not Found', code: 'only-works', detail }))
  })
}

/** The built workspace: its files, and its one page for every address that the server has no page for. */
function serveWebApp(app: NestExpressApplication, folder: string): void {
  app.use('/assets', express.static(join(folder, 'assets'), { immutable: true, maxAge: '1y', index: false }))
  app.use(express.static(folder, { index: false, maxAge: '1h' }))
  const page = join(folder, 'index.html')
  app.use((request: Request, response: Response, next: NextFunction) => {
    if (!['GET', 'HEAD'].includes(request.method) || serverPaths.test(request.path) || !existsSync(page)) return next()
    response.setHeader('Cache-Control', 'no-cache')
    response.sendFile(page)
  })
}
