/**
 * Tables as data: columns, types, functions, checks and stored values. {@link org.rowmill.schemas.model.TableModel} is
 * made from a class; the annotation processor applies the same rules to source code.
 */
@NullMarked
package org.rowmill.schemas.model;

import org.jspecify.annotations.NullMarked;
