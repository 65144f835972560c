import { Transform } from 'class-transformer'
import { IsArray, IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator'

const asList = ({ value }: { value: unknown }): unknown =>
  value === undefined ? [] : Array.isArray(value) ? value : [value]

/** What shows that a form was made for this visitor. */
export class CsrfForm {
  @IsString()
  @MaxLength(100)
  csrf: string

  /** Instead of a cookie, from a browser that keeps none. */
  @IsOptional()
  @IsString()
  @MaxLength(1000)
  pass?: string
}

/** Opens the page in a browser that keeps no cookies. */
export class OpenForm {
  @IsString()
  @MaxLength(1000)
  pass: string
}

/** The form of the review page. */
export class ReviewForm extends CsrfForm {
  /** The last three decide nothing: a note on its own, asking for the page to suggest words on, and suggesting them. */
  @IsIn(['approve', 'changes', 'stop', 'hand_over', 'comment', 'words', 'suggest'], {
    message: 'choose one of the buttons',
  })
  decision: 'approve' | 'changes' | 'stop' | 'hand_over' | 'comment' | 'words' | 'suggest'

  @Transform(asList)
  @IsArray()
  @IsString({ each: true })
  tick: string[] = []

  @IsString()
  @MaxLength(20_000)
  note: string = ''

  /** For a suggestion: which words, and what to say instead. */
  @IsString()
  @MaxLength(100)
  place: string = ''

  @IsString()
  @MaxLength(40_000)
  words: string = ''

  @Matches(/^[0-9a-f]{64}$/)
  hash: string
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

/** The same, with what the reviewer's passkey answered. */
export class PasskeyForm extends ReviewForm {
  /** JSON of the browser's credential. */
  @IsString()
  @MaxLength(20_000)
  passkey: string
}
