import {
  Controller,
  Get,
  Param,
  ParseUUIDPipe,
  Post,
  Req,
  Res,
  UploadedFile,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common'
import { FileInterceptor } from '@nestjs/platform-express'
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger'
import type { Request, Response } from 'express'

import { MediaService } from '../drafts/media.service.js'
import type { ActingMember } from '../groups/acting-member.js'
import { Acting, ForRoles, GroupGuard } from '../groups/group.guard.js'
import { sendBytes } from '../http/send-bytes.js'
import { DomainError } from '../kernel/domain-error.js'
import { presentMedia } from './post-details.service.js'
import { Media } from './post-views.dto.js'

const largestUpload = 40_000_000

/** Pictures and films of posts. */
@ApiTags('media')
@UseGuards(GroupGuard)
@Controller('api/groups/:groupId/media')
export class MediaController {
  constructor(private readonly media: MediaService) {}

  /**
   * Keeps a picture, made anew from its pixels: upright, smaller if it has to be, without metadata; or a film as it is,
   * emptied of what tells where and with what it was taken.
   */
  @Post()
  @ForRoles('editor', 'admin')
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } } } })
  @UseInterceptors(FileInterceptor('file', { limits: { fileSize: largestUpload, files: 1, fields: 5 } }))
  async upload(@Acting() acting: ActingMember, @UploadedFile() file: Express.Multer.File | undefined): Promise<Media> {
    if (!file) throw new DomainError('no-file', 'No picture or film arrived. Choose a file and try again.')
    return presentMedia(acting.groupId, await this.media.upload(acting, file.buffer))
  }

  @Get(':mediaId')
  async get(
    @Acting() acting: ActingMember,
    @Param('mediaId', ParseUUIDPipe) mediaId: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const media = await this.media.bytes(acting.groupId, mediaId)
    response.setHeader('Cache-Control', 'private, max-age=86400, immutable')
    sendBytes(request, response, media)
  }
}
