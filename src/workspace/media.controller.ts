import {
  Controller,
  Get,
  Param,
  ParseUUIDPipe,
  Post,
  Res,
  UploadedFile,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common'
import { FileInterceptor } from '@nestjs/platform-express'
import { ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger'
import type { Response } from 'express'

import { MediaService } from '../drafts/media.service.js'
import type { ActingMember } from '../groups/acting-member.js'
import { Acting, ForRoles, GroupGuard } from '../groups/group.guard.js'
import { DomainError } from '../kernel/domain-error.js'
import { presentMedia } from './post-details.service.js'
import { Media } from './post-views.dto.js'

const largestUpload = 25_000_000

/** Pictures of posts. */
@ApiTags('media')
@UseGuards(GroupGuard)
@Controller('api/groups/:groupId/media')
export class MediaController {
  constructor(private readonly media: MediaService) {}

  /** Keeps a picture, made anew from its pixels: upright, smaller if it has to be, without metadata. */
  @Post()
  @ForRoles('editor', 'admin')
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } } } })
  @UseInterceptors(FileInterceptor('file', { limits: { fileSize: largestUpload, files: 1, fields: 5 } }))
  async upload(@Acting() acting: ActingMember, @UploadedFile() file: Express.Multer.File | undefined): Promise<Media> {
    if (!file) throw new DomainError('no-file', 'No picture arrived. Choose a file and try again.')
    return presentMedia(acting.groupId, await this.media.upload(acting, file.buffer))
  }

  @Get(':mediaId')
  async get(
    @Acting() acting: ActingMember,
    @Param('mediaId', ParseUUIDPipe) mediaId: string,
    @Res() response: Response,
  ): Promise<void> {
    const media = await this.media.bytes(acting.groupId, mediaId)
    response.setHeader('Cache-Control', 'private, max-age=86400, immutable')
    response.setHeader('Content-Disposition', 'inline')
    response.type(media.mime).send(media.bytes)
  }
}
