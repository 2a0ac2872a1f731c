"""The sentences, key by key, in one file a subject; a test keeps the two languages complete and the keys apart."""

from shuke.kit.words import (
    audit,
    cards,
    children,
    copied,
    copies,
    customers,
    doors,
    exports,
    fields,
    files,
    imports,
    links,
    merging,
    orders,
    partners,
    people,
    predictions,
    privacy,
    profile,
    quality,
    refusals,
    rfm,
    rules,
    segments,
    sharing,
    sources,
    tags,
    values,
    visits,
)

SUBJECTS = (
    *(refusals, doors, people, partners, customers, profile, quality, privacy, audit, children, sharing, visits),
    *(cards, orders, files, exports, merging),
    *(imports, fields, links, copies, copied),
    *(sources, values, rules, segments, rfm, tags, predictions),
)

ZH_CN = {key: words for subject in SUBJECTS for key, words in subject.ZH_CN.items()}
EN = {key: words for subject in SUBJECTS for key, words in subject.EN.items()}
