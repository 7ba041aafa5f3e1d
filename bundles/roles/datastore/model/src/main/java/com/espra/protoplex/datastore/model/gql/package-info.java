/** Queries as text: https://cloud.google.com/datastore/docs/reference/gql_reference. */
@NullMarked
package com.espra.protoplex.datastore.model.gql;

import org.jspecify.annotations.NullMarked;
