import { join } from 'node:path'

import { ConsoleLogger } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger'

import { AppModule, type AppOptions } from './app.module.js'
import type { Config } from './config/config.js'
import type { DatabaseAddresses } from './database/migrate.js'
import { applyEdge } from './http/edge.js'

/** Makes the application, ready to listen. */
export async function createApp(
  config: Config,
  database: DatabaseAddresses,
  options: AppOptions & { readonly quiet?: boolean } = {},
): Promise<NestExpressApplication> {
  const levels = ['error', 'warn', 'log', 'debug'] as const
  const app = await NestFactory.create<NestExpressApplication>(AppModule.with(config, database, options), {
    logger: options.quiet
      ? ['error']
      : new ConsoleLogger({
          json: true,
          colors: false,
          logLevels: levels.slice(0, levels.indexOf(config.logLevel) + 1),
        }),
    bodyParser: false,
    forceCloseConnections: true,
  })
  applyEdge(app, config, join(import.meta.dirname, '..', 'web'))
  SwaggerModule.setup('api/docs', app, () => openApi(app), {
    jsonDocumentUrl: 'api/docs/openapi.json',
    customSiteTitle: 'Seconder API',
  })
  return app
}

/** The OpenAPI description of the application's API. */
export function openApi(app: NestExpressApplication): ReturnType<typeof SwaggerModule.createDocument> {
  const description = new DocumentBuilder()
    .setTitle('Seconder')
    .setDescription('A queue for social-media posts in which nothing goes out until a second person has agreed.')
    .setVersion('0.1.0')
    .addCookieAuth('session')
    .build()
  return SwaggerModule.createDocument(app, description)
}
