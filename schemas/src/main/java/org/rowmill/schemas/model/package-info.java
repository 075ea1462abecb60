/**
 * Tables as data: columns, types, functions, checks and stored values. A {@link org.rowmill.schemas.model.TableModel} is
 * made from a class, and the annotation processor checks sources by the same rules.
 */
@NullMarked
package org.rowmill.schemas.model;

import org.jspecify.annotations.NullMarked;
