/** Loads, compiles and checks a project. */
@NullMarked
package org.rowmill.producer.project;

import org.jspecify.annotations.NullMarked;
