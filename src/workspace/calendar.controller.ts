import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  ParseUUIDPipe,
  Post,
  Put,
  Query,
  UseGuards,
} from '@nestjs/common'
import { ApiQuery, ApiTags } from '@nestjs/swagger'

import type { ActingMember } from '../groups/acting-member.js'
import { Acting, ForRoles, GroupGuard } from '../groups/group.guard.js'
import { PausesService } from '../scheduler/pauses.service.js'
import { SilencesService } from '../scheduler/silences.service.js'
import { CalendarView, HolidaysDto, HolidaysView, NewSilenceDto, PauseDto, PauseStateView } from './calendar.dto.js'
import { CalendarService } from './calendar.service.js'

/** When nothing goes out: silences, and pausing everything; and whose holidays are like weekend. */
@ApiTags('calendar')
@UseGuards(GroupGuard)
@Controller('api/groups/:groupId')
export class CalendarController {
  constructor(
    private readonly calendar: CalendarService,
    private readonly silences: SilencesService,
    private readonly pauses: PausesService,
  ) {}

  @Get('calendar')
  get(@Acting() acting: ActingMember): Promise<CalendarView> {
    return this.calendar.get(acting)
  }

  /** Plans a silence; what was planned inside is moved on, or waits for a new time. */
  @Post('silences')
  @ForRoles('admin')
  addSilence(@Acting() acting: ActingMember, @Body() given: NewSilenceDto): Promise<CalendarView> {
    return this.calendar.addSilence(acting, given)
  }

  /** Removes a silence, which moves nothing. */
  @Delete('silences/:silenceId')
  @ForRoles('admin')
  async removeSilence(
    @Acting() acting: ActingMember,
    @Param('silenceId', ParseUUIDPipe) silenceId: string,
  ): Promise<CalendarView> {
    await this.silences.remove(acting, silenceId)
    return this.calendar.get(acting)
  }

  @Get('pause')
  async pauseState(@Acting() acting: ActingMember): Promise<PauseStateView> {
    return { pause: await this.calendar.pause(acting) }
  }

  /** Nothing goes out from now on. One person is enough, whatever their role. */
  @Post('pause')
  @HttpCode(200)
  async pause(@Acting() acting: ActingMember, @Body() { reason }: PauseDto): Promise<PauseStateView> {
    await this.pauses.pause(acting, reason || null)
    return { pause: await this.calendar.pause(acting) }
  }

  /** Asks to let publishing go on, or confirms what somebody else asked for. */
  @Post('pause/release')
  @HttpCode(200)
  async release(@Acting() acting: ActingMember): Promise<PauseStateView> {
    await this.pauses.release(acting)
    return { pause: await this.calendar.pause(acting) }
  }

  /** The holidays that a group keeps, or those of `of`: countries, the parts of that one, and the next days. */
  @Get('holidays')
  @ApiQuery({ name: 'of', required: false })
  holidays(@Acting() acting: ActingMember, @Query('of') of?: string): Promise<HolidaysView> {
    return this.calendar.holidaysOf(acting, of === undefined ? acting.group.holidays : of || null)
  }

  /** Whose public holidays count as weekend from now on; what is planned stays where it is. */
  @Put('holidays')
  @ForRoles('admin')
  keepHolidays(@Acting() acting: ActingMember, @Body() { of }: HolidaysDto): Promise<HolidaysView> {
    return this.calendar.keepHolidays(acting, of)
  }
}
