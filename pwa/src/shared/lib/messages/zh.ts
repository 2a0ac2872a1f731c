/* 短、像说话、对导购用「您」；单行不带句号。 */
import app from './zh/app.ts'
import day from './zh/day.ts'
import customers from './zh/customers.ts'

export default { ...app, ...day, ...customers }
