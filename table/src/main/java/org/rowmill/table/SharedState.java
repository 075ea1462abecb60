package org.rowmill.table;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * States that rows may share a static field. Rows are computed by several threads and processes, so Rowmill warns of
 * static fields whose state can change. It does not warn of a field with this annotation.
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.FIELD)
public @interface SharedState {}
