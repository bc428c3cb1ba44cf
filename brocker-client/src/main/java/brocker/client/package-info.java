/**
 * The program: finds the verb that the arguments name, runs it, and turns failures into {@code error:}, {@code hint:} and an exit code.
 * {@code container list} starts in less than twice the time of an empty JVM, so what every run passes through stays away from
 * picocli (its class files are too old for an AOT cache), data binding and the JDK's HTTP clients. May import every other package.
 */
@NullMarked
package brocker.client;

import org.jspecify.annotations.NullMarked;
