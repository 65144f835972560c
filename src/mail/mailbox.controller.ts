import { Controller, Get, Header, Param } from '@nestjs/common'
import { ApiExcludeController } from '@nestjs/swagger'

import { type ListedMail, listPage, mailPage, type ReadMail, sandboxed } from './mailbox-page.js'
import { MailboxService } from './mailbox.service.js'

/** Waiting mails as pages for people and as JSON for machines, while there is no mail server to send them through. */
@ApiExcludeController()
@Controller()
export class MailboxController {
  constructor(private readonly mailbox: MailboxService) {}

  @Get('mailbox.json')
  @Header('Cache-Control', 'no-store')
  @Header('X-Robots-Tag', 'noindex, nofollow')
  listAsJson(): Promise<ListedMail[]> {
    return this.mailbox.list()
  }

  @Get('mailbox/:id.json')
  @Header('Cache-Control', 'no-store')
  @Header('X-Robots-Tag', 'noindex, nofollow')
  readAsJson(@Param('id') id: string): Promise<ReadMail> {
    return this.mailbox.read(id)
  }

  @Get('mailbox')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  @Header('X-Robots-Tag', 'noindex, nofollow')
  async list(): Promise<string> {
    return listPage(await this.mailbox.list())
  }

  @Get('mailbox/:id')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  @Header('X-Robots-Tag', 'noindex, nofollow')
  async read(@Param('id') id: string): Promise<string> {
    return mailPage(await this.mailbox.read(id))
  }

  /** The mail's own HTML, for the frame in its page: no scripts, nothing from elsewhere, an origin of its own. */
  @Get('mailbox/:id/html')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  @Header('X-Robots-Tag', 'noindex, nofollow')
  @Header('X-Frame-Options', 'SAMEORIGIN')
  @Header(
    'Content-Security-Policy',
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation",
  )
  async html(@Param('id') id: string): Promise<string> {
    return sandboxed((await this.mailbox.read(id)).html)
  }
}
