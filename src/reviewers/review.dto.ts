import { Transform } from 'class-transformer'
import { IsArray, IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator'

const asList = ({ value }: { value: unknown }): unknown =>
  value === undefined ? [] : Array.isArray(value) ? value : [value]

/** The form of the review page. */
export class ReviewForm {
  @IsIn(['approve', 'changes', 'stop', 'hand_over'], { message: 'choose one of the four buttons' })
  decision: 'approve' | 'changes' | 'stop' | 'hand_over'

  @Transform(asList)
  @IsArray()
  @IsString({ each: true })
  tick: string[] = []

  @IsString()
  @MaxLength(20_000)
  note: string = ''

  @Matches(/^[0-9a-f]{64}$/)
  hash: string

  @IsString()
  @MaxLength(100)
  csrf: string
}

/** The same, with the code that proves who it is. */
export class CodeForm extends ReviewForm {
  @IsString()
  @MaxLength(20)
  code: string = ''

  @IsOptional()
  @IsString()
  again?: string
}
