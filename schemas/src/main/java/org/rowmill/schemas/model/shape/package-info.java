/**
 * What a table class looks like: its methods, parameters and types, with their lines. {@code ReflectedTable} reads a loaded
 * class, {@code MirroredTable} reads source code in a compiler. The rules of {@code schemas.model} are the same for both.
 */
@NullMarked
package org.rowmill.schemas.model.shape;

import org.jspecify.annotations.NullMarked;
