import { graphql, type FragmentOf } from '@/shared/graphql/tada.ts'

export const Stage = graphql(`
  fragment Stage on LifeStage {
    key
    kind
    active
    label
    begins {
      value
      unit
    }
    ends {
      value
      unit
    }
    texts {
      language
      label
      why
      say
    }
  }
`)

export const StagesQuery = graphql(
  `
    query LifeStages {
      lifeStages {
        version
        stages {
          ...Stage
        }
      }
    }
  `,
  [Stage],
)

export const SaveLifeStages = graphql(`
  mutation SaveLifeStages($input: SaveLifeStagesInput!) {
    saveLifeStages(input: $input) {
      lifeStages {
        version
      }
      userErrors {
        code
        field
        message
      }
    }
  }
`)

export type Stage = FragmentOf<typeof Stage>
export type Kind = Stage['kind']
export type Age = Stage['begins']
