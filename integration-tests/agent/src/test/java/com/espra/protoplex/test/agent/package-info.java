/** The agent in a real framework. */
package com.espra.protoplex.test.agent;
