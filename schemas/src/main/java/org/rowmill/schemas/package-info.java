/** What all modules share: {@link org.rowmill.schemas.WrongInput}, versions, names, times and sizes. */
@NullMarked
package org.rowmill.schemas;

import org.jspecify.annotations.NullMarked;
