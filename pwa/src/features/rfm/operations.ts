import { graphql, type ResultOf, type VariablesOf } from '@/shared/graphql/tada.ts'

export const RfmCellsQuery = graphql(`
  query RfmCells {
    rfmCells {
      version
      asOf
      since
      cells {
        cell
        name
        playbook
        nameZh
        nameEn
        playbookZh
        playbookEn
        customers
        value {
          minor
          currency
        }
        came
        left
      }
      movements {
        before
        now
        customers
      }
      notes
    }
  }
`)

export const RfmConfigQuery = graphql(`
  query RfmConfig {
    rfmConfig {
      version
      r
      f
      m
      refunds
      windowDays
      categories
      withoutCategories
      withoutSources
      withoutLevels
      zero
      visitMinutes
      band
      savedAt
      savedBy
      cutOffs {
        days
        visits
        minor
      }
      cutOn
    }
    productCategories {
      name
    }
  }
`)

export const RfmPreviewQuery = graphql(`
  query RfmPreview($config: RfmConfigInput!) {
    rfmPreview(config: $config) {
      customers
      cells {
        cell
        customers
      }
      cutOffs {
        days
        visits
        minor
      }
      problems {
        dimension
        message
        proposal
      }
      userErrors {
        field
        message
      }
    }
  }
`)

export const SaveRfmConfig = graphql(`
  mutation SaveRfmConfig($input: SaveRfmConfigInput!) {
    saveRfmConfig(input: $input) {
      config {
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

export const SaveRfmCells = graphql(`
  mutation SaveRfmCells($input: SaveRfmCellsInput!) {
    saveRfmCells(input: $input) {
      cells {
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

export type RfmBoard = ResultOf<typeof RfmCellsQuery>['rfmCells']
export type CellState = RfmBoard['cells'][number]
export type Movement = RfmBoard['movements'][number]
export type ConfigAnswer = ResultOf<typeof RfmConfigQuery>
export type Preview = ResultOf<typeof RfmPreviewQuery>['rfmPreview']
export type Config = VariablesOf<typeof RfmPreviewQuery>['config']
