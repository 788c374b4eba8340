/* sql_function: the functions that published statements call and SQLite does not have, or has with
 * another meaning:
 *	newid()                        a new pkid
 *	concat(a, b)                   exactly two; NULL if either is
 *	nvl(a, b)                      b if a is NULL
 *	decode(x, a, ra, b, rb, else)  the result beside the value that x is; NULL is NULL
 *	lpad(x, n [, fill]), rpad      to n characters
 *	mod(a, b)                      a whole number
 *	char_length(x), to_char(x)
 *	dbinfo('utc_to_datetime', s)   seconds since 1970 as YYYY-MM-DD HH:MM:SS
 *
 * Source: Informix's guide to SQL; published queries.
 */
#ifndef COMMON_SQL_SQL_FUNCTION_H
#define COMMON_SQL_SQL_FUNCTION_H

struct db;

/* They stay with the connection. */
void sql_functions_add(struct db *db);

#endif
