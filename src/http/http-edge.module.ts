import { Module, ValidationPipe } from '@nestjs/common'
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core'
import { ThrottlerGuard, ThrottlerModule } from '@nestjs/throttler'

import { DomainError } from '../kernel/domain-error.js'
import { ProblemFilter } from './problem.filter.js'

/** Limits and validation before a route, problem+json after it. */
@Module({
  imports: [
    ThrottlerModule.forRoot({
      throttlers: [{ name: 'general', ttl: 60_000, limit: 600 }],
      errorMessage: 'Too many requests in a short time. Wait a minute and try again.',
    }),
  ],
  providers: [
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_GUARD, useClass: ThrottlerGuard },
    {
      provide: APP_PIPE,
      useFactory: () =>
        new ValidationPipe({
          transform: true,
          whitelist: true,
          forbidNonWhitelisted: true,
          exceptionFactory: (errors) =>
            new DomainError(
              'invalid-input',
              sentences(errors).join(' ') || 'Something in this request has the wrong form.',
            ),
        }),
    },
  ],
})
export class HttpEdgeModule {}

interface FieldError {
  property: string
  constraints?: Record<string, string>
  children?: FieldError[]
}

function sentences(errors: FieldError[]): string[] {
  return errors.flatMap((error) => [
    ...Object.values(error.constraints ?? {}).map((text) =>
      `${text.charAt(0).toUpperCase()}${text.slice(1)}.`.replace(/\.\.$/, '.'),
    ),
    ...sentences(error.children ?? []),
  ])
}
